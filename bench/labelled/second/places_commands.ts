/** Command lines, addresses and blocks of keys in which a secret stands. */

import { type Dice, DIGITS, HEX } from "../case.ts";
import { B64, type Place } from "./chance.ts";

export const COMMANDS: readonly Place[] = [
  ["run.sh", (s) => `mysql -u root -p'${s}' shop < schema.sql\n`],
  ["dump.sh", (s) => `mysqldump --user=backup --password=${s} shop > shop.sql\n`],
  ["psql.sh", (s) => `PGPASSWORD=${s} psql -h db -U shop -c 'select 1'\n`],
  ["ssh.sh", (s) => `sshpass -p ${s} ssh ops@10.0.0.5 uptime\n`],
  ["curl.sh", (s) => `curl -u 'admin:${s}' https://nexus.acme.net/service/rest/v1/status\n`],
  ["curl2.sh", (s) => `curl --user svc:${s} -X POST https://ci.acme.net/job/a/build\n`],
  ["wget.sh", (s) => `wget --user=web --password='${s}' https://files.acme.net/a.zip\n`],
  ["docker.sh", (s) => `docker login -u ci -p ${s} registry.acme.net\n`],
  ["pipe.sh", (s) => `echo "${s}" | docker login --username ci --password-stdin\n`],
  ["redis.sh", (s) => `redis-cli -h cache -a "${s}" FLUSHALL\n`],
  ["mongo.sh", (s) => `mongo admin -u root -p ${s} --eval 'db.stats()'\n`],
  ["mongodump.sh", (s) => `mongodump --host db --username root --password "${s}" --out /b\n`],
  ["ldap.sh", (s) => `ldapsearch -x -D "cn=admin,dc=acme,dc=net" -w ${s} -b dc=acme,dc=net\n`],
  ["htpasswd.sh", (s) => `htpasswd -bc /etc/nginx/.htpasswd ops ${s}\n`],
  ["smb.bat", (s) => `net use Z: \\\\10.0.0.7\\share /user:acme\\svc ${s}\n`],
  ["user.bat", (s) => `net user kiosk ${s} /add\n`],
  ["sql.bat", (s) => `sqlcmd -S sql1 -U sa -P ${s} -Q "select 1"\n`],
  ["set.ps1", (s) => `$secure = ConvertTo-SecureString '${s}' -AsPlainText -Force\n`],
  [
    "cred.ps1",
    (s) =>
      `$password = "${s}"\n$cred = New-Object PSCredential("svc", (ConvertTo-SecureString $password -AsPlainText -Force))\n`,
  ],
  ["keytool.sh", (s) => `keytool -genkey -keystore a.jks -storepass ${s} -alias acme\n`],
  ["openssl.sh", (s) => `openssl rsa -in k.pem -passin pass:${s} -out o.pem\n`],
  ["passwd.sh", (s) => `echo 'root:${s}' | chpasswd\n`],
  ["zip.sh", (s) => `7z a -p${s} out.7z data/\n`],
  ["ftp.sh", (s) => `lftp -u web,${s} ftp.acme.net -e "mirror; quit"\n`],
  ["svn.sh", (s) => `svn co https://svn.acme.net/t --username ci --password ${s}\n`],
  ["az.sh", (s) => `az login --service-principal -u app -p ${s} --tenant t1\n`],
  ["helm.sh", (s) => `helm install db bitnami/postgresql --set auth.postgresPassword=${s}\n`],
  ["kubectl.sh", (s) => `kubectl create secret generic db --from-literal=password='${s}'\n`],
  ["drun.sh", (s) => `docker run -d -e MYSQL_ROOT_PASSWORD=${s} mysql:8\n`],
  ["ansible.sh", (s) => `ansible-playbook site.yml -e "db_password=${s}"\n`],
  ["mvn.sh", (s) => `mvn deploy -Dnexus.password=${s}\n`],
  ["java.sh", (s) => `java -Djavax.net.ssl.keyStorePassword=${s} -jar a.jar\n`],
  ["rabbit.sh", (s) => `rabbitmqctl add_user app ${s}\n`],
  ["es.sh", (s) => `curl -XPUT -u elastic:${s} "localhost:9200/_cluster/settings"\n`],
  ["vnc.sh", (s) => `x11vnc -display :0 -passwd ${s}\n`],
  ["wifi.sh", (s) => `nmcli dev wifi connect acme-lab password "${s}"\n`],
];

export const ADDRESSES: readonly Place[] = [
  ["db.js", (s) => `mongoose.connect('mongodb://shop:${s}@ds1.mlab.acme.net:27017/shop');\n`],
  ["alembic.ini", (s) => `sqlalchemy.url = postgresql://shop:${s}@10.0.0.4/shop\n`],
  ["celery.py", (s) => `BROKER_URL = "amqp://shop:${s}@mq:5672/prod"\n`],
  ["redis.env", (s) => `REDIS_URL=redis://default:${s}@cache.acme.net:6379\n`],
  ["job.sh", (s) => `git clone https://ci:${s}@git.acme.net/infra.git\n`],
  ["Gemfile", (s) => `source "https://ci:${s}@gems.acme.net/"\n`],
  ["smtp.yml", (s) => `dsn: "smtp://noreply:${s}@smtp.acme.net:587"\n`],
  ["ftp.py", (s) => `urlopen("ftp://mirror:${s}@ftp.acme.net/in/a.csv")\n`],
  [
    "Db.java",
    (s) => `String url = "jdbc:mysql://10.0.0.4:3306/shop?user=shop&password=${s}&useSSL=false";\n`,
  ],
  ["ora.properties", (s) => `url=jdbc:oracle:thin:shop/${s}@10.0.0.4:1521:ORCL\n`],
  ["sq.json", (s) => `"db": "sqlserver://sa:${s}@10.0.0.4:1433?database=shop"\n`],
  ["dsn.go", (s) => `dsn := "shop:${s}@tcp(10.0.0.4:3306)/shop?parseTime=true"\n`],
  ["odbc.ini", (s) => `conn = "Driver={ODBC Driver 18};Server=sql1;UID=shop;PWD=${s}"\n`],
  ["rtsp.cfg", (s) => `camera = rtsp://admin:${s}@10.0.0.60:554/stream1\n`],
  ["proxy.env", (s) => `http_proxy=http://build:${s}@proxy.acme.net:3128\n`],
  ["doc.md", (s) => `Open https://ops:${s}@grafana.acme.net/d/1 for the dashboard.\n`],
];

const lines = (d: Dice, count: number) =>
  Array.from({ length: count }, () => d.text(B64, 64)).join("\n") + "\n" + d.text(B64, 42) + "==";

/** Whole texts with one secret each. */
export const BLOCKS: readonly ((d: Dice) => { path: string; text: string })[] = [
  ...["RSA PRIVATE", "PRIVATE", "EC PRIVATE", "DSA PRIVATE", "OPENSSH PRIVATE", "ENCRYPTED PRIVATE"]
    .map(
      (kind) => (d: Dice) => ({
        path: "deploy.key",
        text: `-----BEGIN ${kind} KEY-----\nMII${lines(d, 12)}\n-----END ${kind} KEY-----\n`,
      }),
    ),
  (d) => ({
    path: "key.asc",
    text: `-----BEGIN PGP PRIVATE ${"KEY"} BLOCK-----\n\nlQO${
      lines(d, 20)
    }\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----\n`,
  }),
  (d) => ({
    path: "key.py",
    text: `KEY = """-----BEGIN RSA PRIVATE ${"KEY"}-----\nMII${
      lines(d, 12)
    }\n-----END RSA PRIVATE KEY-----"""\n`,
  }),
  (d) => ({
    path: "key.json",
    text: `{"privateKey": "-----BEGIN PRIVATE ${"KEY"}-----\\nMII${
      lines(d, 12).replaceAll("\n", "\\n")
    }\\n-----END PRIVATE KEY-----\\n"}\n`,
  }),
  (d) => ({
    path: "Key.java",
    text: `String key = "-----BEGIN RSA PRIVATE ${"KEY"}-----\\n" +\n  "MII${
      lines(d, 12).split("\n").join('\\n" +\n  "')
    }\\n" +\n  "-----END RSA PRIVATE KEY-----";\n`,
  }),
  (d) => ({
    path: "id.ppk",
    text: `PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: ops\nPublic-Lines: 1\n${
      d.text(B64, 64)
    }\nPrivate-Lines: 2\n${d.text(B64, 64)}\n${d.text(B64, 44)}\nPrivate-MAC: ${d.text(HEX, 40)}\n`,
  }),
  (d) => ({
    path: "config/key.yml",
    text: `key: |\n  -----BEGIN EC PRIVATE ${"KEY"}-----\n  MHc${
      lines(d, 2).split("\n").join("\n  ")
    }\n  -----END EC PRIVATE KEY-----\n`,
  }),
  (d) => ({
    path: "jwk.json",
    text: `{"kty":"EC","crv":"P-256","x":"${d.text(B64, 43).replace(/[+/]/g, "-")}","y":"${
      d.text(B64, 43).replace(/[+/]/g, "_")
    }","d":"${d.text(B64, 43).replace(/[+/]/g, "-")}"}\n`,
  }),
  (d) => ({
    path: "sa.json",
    text: `{\n  "type": "service_account",\n  "project_id": "acme-31",\n  "private_key_id": "${
      d.text(HEX, 40)
    }",\n  "private_key": "-----BEGIN PRIVATE ${"KEY"}-----\\nMIIE${
      lines(d, 20).replaceAll("\n", "\\n")
    }\\n-----END PRIVATE KEY-----\\n",\n  "client_email": "svc@acme-31.iam.gserviceaccount.com"\n}\n`,
  }),
  (d) => ({
    path: "conn.txt",
    text: `DefaultEndpointsProtocol=https;AccountName=acme${d.text(DIGITS, 3)};AccountKey=${
      d.text(B64, 86)
    }==;EndpointSuffix=core.windows.net\n`,
  }),
  (d) => ({
    path: "bus.cs",
    text: `"Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${
      d.text(B64, 43)
    }="\n`,
  }),
  (d) => ({
    path: "sas.sh",
    text:
      `azcopy cp a "https://acme.blob.core.windows.net/c?sv=2022-11-02&ss=b&srt=sco&sp=rwdl&se=2026-01-01&sig=${
        d.text(B64, 43).replace(/\+/g, "%2B").replace(/\//g, "%2F")
      }%3D"\n`,
  }),
  (d) => ({
    path: "wg0.conf",
    text: `[Interface]\nPrivateKey = ${d.text(B64, 42)}A=\nAddress = 10.9.0.1/24\n`,
  }),
  (d) => ({
    path: "creds",
    text: `[default]\naws_access_key_id = AK${"IA"}${
      d.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
    }\naws_secret_access_key = ${d.text(B64, 40)}\n`,
  }),
  (d) => ({
    path: "boto.py",
    text: `s3 = boto3.client("s3", aws_access_key_id=ID, aws_secret_access_key="${
      d.text(B64, 40)
    }")\n`,
  }),
  (d) => ({ path: "basic.http", text: `Authorization: Basic ${btoa("svc:" + d.text(B64, 12))}\n` }),
  (d) => ({ path: "laravel.env", text: `APP_KEY=base64:${d.text(B64, 43)}=\n` }),
  (d) => ({ path: "config/master.key", text: `${d.text(HEX, 32)}\n` }),
];
